/*
 * The style, script and icons that are built into the program (build/gen/assets.c, made by web/gen/assetgen.c).
 * Constants. http_asset_path(http_assets, http_assets_n, "app.css") gives the address with the content hash.
 */
#ifndef WEB_HTML_ASSETS_H
#define WEB_HTML_ASSETS_H

#include "daemon/http/http.h"

extern const struct http_asset http_assets[];
extern const size_t http_assets_n;

#endif
