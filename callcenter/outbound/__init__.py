"""Who may dial what, and which number they show."""
