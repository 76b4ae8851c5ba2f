"""People, the roles they hold at organisations, and who stands in for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from chorok.site.accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who signs in with an e-mail address; without a password they cannot yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail address, however it is written."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What they may do comes from their memberships alone: there is no superuser."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=2, blank=True)  # empty: as the browser wishes
    erased_at = models.DateTimeField(null=True, blank=True)  # name and address are gone, the id stays

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A role that a person holds at an organisation, from a day until another (exclusive; empty: still)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.CharField(max_length=40, blank=True)  # code in the tree; empty for a supplier
    supplier_no = models.CharField(max_length=20, blank=True)  # business number, for a supplier only
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        """What always holds."""

        constraints = (
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "supplier_no", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name="membership_dates"
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.SUPPLIER) & ~Q(supplier_no="") & Q(organisation=""))
                | (~Q(role=Role.SUPPLIER) & Q(supplier_no="") & ~Q(organisation="")),
                name="membership_place",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation or self.supplier_no}"


class Delegation(models.Model):
    """Somebody stands in for the holder of a membership, from a day until another (exclusive)."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations")
    valid_from = models.DateField()
    valid_until = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What always holds."""

        constraints = (models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="delegation_dates"),)

    def __str__(self) -> str:
        return f"{self.membership} -> {self.delegate_id}"


class Invitation(models.Model):
    """A role that is offered to an address. Only the hash of the link's token is kept; it works once."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.CharField(max_length=40, blank=True)
    supplier_no = models.CharField(max_length=20, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # of the role, not of the invitation
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What always holds."""

        constraints = (
            models.UniqueConstraint(
                fields=["email", "role", "organisation", "supplier_no"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.SUPPLIER) & ~Q(supplier_no="") & Q(organisation=""))
                | (~Q(role=Role.SUPPLIER) & Q(supplier_no="") & ~Q(organisation="")),
                name="invitation_place",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_one_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation or self.supplier_no}"


class ApiToken(models.Model):
    """A key with which a program acts for a person, within some of the person's rights. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)  # its first letters, to be recognised by
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # rights of `roles.GRANTS`
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What always holds."""

        constraints = (models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_dates"),)

    def __str__(self) -> str:
        return f"{self.prefix}..."
