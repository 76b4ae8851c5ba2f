"""Every operation of the interface with an address at which it can be called."""

from __future__ import annotations

import builders

NOBODYS = "00000000-0000-4000-8000-000000000000"

PLACES = {
    "organisations": ("GET", "/organisations"),
    "organisation": ("GET", f"/organisations/{builders.CITY}"),
    "organisation_tree": ("GET", f"/organisations/{builders.CITY}/tree"),
    "item_groups": ("GET", "/registry/item-groups"),
    "registry_products": ("GET", "/registry/products"),
    "registry_product": ("GET", f"/registry/products/{builders.GREEN}"),
    "certificate": ("GET", "/registry/certificates/T-1"),
    "supplier": ("GET", "/registry/suppliers/nobody"),
    "uploads": ("GET", "/purchases/uploads"),
    "upload_whole": ("POST", "/purchases/uploads"),
    "upload_begin": ("POST", "/purchases/uploads/pieces"),
    "upload_piece": ("PUT", f"/purchases/uploads/{NOBODYS}/bytes"),
    "upload": ("GET", f"/purchases/uploads/{NOBODYS}"),
    "upload_import": ("POST", f"/purchases/uploads/{NOBODYS}/import"),
    "upload_dismiss": ("DELETE", f"/purchases/uploads/{NOBODYS}"),
    "imports": ("GET", "/purchases/imports"),
    "import_account": ("GET", f"/purchases/imports/{'0' * 64}"),
    "import_rejects": ("GET", f"/purchases/imports/{'0' * 64}/rejects"),
    "import_withdraw": ("POST", f"/purchases/imports/{'0' * 64}/withdraw"),
    "share": ("GET", "/measures/share"),
    "drivers": ("GET", "/measures/drivers"),
    "forecast": ("GET", "/measures/forecast"),
    "scorecard": ("GET", "/measures/scorecard"),
    "network": ("GET", "/measures/network"),
    "targets": ("GET", "/measures/targets"),
    "core_items": ("GET", "/measures/core-items"),
    "verdict": ("GET", "/verdicts"),
    "verdicts": ("POST", "/verdicts"),
    "review_queue": ("GET", "/reviews/queue"),
    "screening_ask": ("POST", "/screenings"),
    "screenings": ("GET", "/screenings"),
    "screening": ("GET", "/screenings/987654"),
    "frameworks": ("GET", "/frameworks"),
    "framework": ("GET", "/frameworks/987654"),
    "framework_grant": ("POST", "/screenings/987654/frameworks"),
    "papers": ("GET", "/screenings/987654/papers"),
    "paper_attach": ("POST", "/screenings/987654/lines/1/papers"),
    "screening_withdraw": ("POST", "/screenings/987654/withdraw"),
    "periods": ("GET", "/periods"),
    "period": ("GET", f"/periods/{builders.CITY}/2019"),
    "jobs": ("GET", "/jobs"),
    "job": ("GET", f"/jobs/{NOBODYS}"),
    "audit_head": ("GET", "/audit/head"),
}
BYTES = {"upload_whole", "upload_piece", "paper_attach"}
