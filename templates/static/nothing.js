// Stands where a worker of the site's would load the code of a service that is held.
