"""A notebook run over evidence: the executed notebook, one HTML file that needs nothing, and triage.json.

`run.run_report` does it all, and `share.run_share` makes of it what may leave: redacted, looked at, in one folder.
`tables` holds what the notebooks show. They are imported on their own, because running a notebook needs much that
showing a table does not.
"""
