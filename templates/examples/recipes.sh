# What was known of a journey at an instant, and what follows from it
curl 'SERVER/api/trips/2023-09-russia/waypoints?as_of=2023-09-12T13:00:00Z'

# Legs as GeoJSON, for a map; claims as CSV, for a spreadsheet
curl -H 'Accept: application/geo+json' 'SERVER/api/trips/2023-09-russia/legs'
curl -o claims.csv 'SERVER/api/trips/2023-09-russia/sightings?format=csv'

# What could not be if no train went faster than 50 km/h
curl 'SERVER/api/trips/2025-09-beijing/contradictions?max_speed_kmh=50'

# Everywhere it can have been at an instant
curl 'SERVER/api/trips/2023-09-russia/position?at=2023-09-11T12:00:00Z'

# Ask again, and move nothing if nothing has changed
curl --etag-save tag --etag-compare tag -o legs.json 'SERVER/api/trips/2023-09-russia/legs'

# The whole journey as a file: gpx, kml, geojson, csv or toml
curl -OJ 'SERVER/trips/2023-09-russia.kml'

# Into QGIS or a GeoPackage, with GDAL: every collection, by box, time and page
ogr2ogr -f GPKG -spat 129 41 133 44 waypoints.gpkg 'OAPIF:SERVER/ogc' waypoints

# Any way, and any place in any script
curl 'SERVER/api/route?from=Pyongyang&to=Vladivostok&speed_kmh=60'
curl --get 'SERVER/api/places' --data-urlencode 'q=하산'
