"""The landing: the only place that knows every room - jobs, the sample city and the command line."""
