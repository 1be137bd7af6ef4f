"""Tables and files, read and written as the data package describes them, and errors that say what to do."""
