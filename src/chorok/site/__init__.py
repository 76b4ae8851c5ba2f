"""The web application: where officers, purchasers, leaders and coordinators work. One Django app a capability."""
