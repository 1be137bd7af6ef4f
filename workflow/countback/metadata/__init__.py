"""What machines are told of the data set: schema.org, Croissant, Zenodo, RO-Crate, all from the same facts."""
