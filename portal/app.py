"""The web application, put together from its parts; read it from top to bottom."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from datasets.installation import Installation
from datasets.settings import Settings
from portal import context, cors, errors, headers, request_ids
from portal.accounts import account_views, log_views, people_views, sign_in_views
from portal.administration import following
from portal.administration import views as administration_views
from portal.api import deprecations, document_views, dump_views
from portal.api import views as api_views
from portal.assistants import views as assistants_views
from portal.catalog import browse_views, home_views, search_views
from portal.catalog import views as catalog_views
from portal.config import flask_config
from portal.desk import views as desk_views
from portal.downloads import views as downloads_views
from portal.explore import api_views as questions_views
from portal.explore import chart_views, column_views, diff_views, oembed_views, row_views, sql_views
from portal.feeds import alternates, atom_views, dcat_views, known_views, oai_views, package_views, sitemap_views
from portal.journal import api_views as journal_api_views
from portal.journal import views as journal_views
from portal.kip.ask import views as kip_ask_views
from portal.kip.public import views as kip_public_views
from portal.kip.registers import views as kip_lists_views
from portal.kip.work import views as kip_work_views
from portal.quota import limiting
from portal.releases import views as releases_views
from portal.response import desk_views as response_desk_views
from portal.response import views as response_views
from portal.review import views as review_views
from portal.sources import views as sources_views
from portal.usage import counting
from portal.web import assets, i18n, icons, links, numbers
from portal.webhooks import views as webhooks_views
from portal.workbench import views as workbench_views

WINGS = (
    home_views.bp,
    search_views.bp,
    browse_views.bp,
    catalog_views.bp,
    sources_views.bp,
    downloads_views.bp,
    diff_views.bp,
    row_views.bp,
    column_views.bp,
    chart_views.bp,
    oembed_views.bp,
    sql_views.bp,
    questions_views.bp,
    api_views.bp,
    dump_views.bp,
    document_views.bp,
    assistants_views.bp,
    dcat_views.bp,
    package_views.bp,
    atom_views.bp,
    sitemap_views.bp,
    known_views.bp,
    oai_views.bp,
    journal_views.bp,
    journal_api_views.bp,
    alternates.bp,
    kip_public_views.bp,
    kip_ask_views.ask,
    kip_ask_views.follow,
    kip_lists_views.public,
    sign_in_views.bp,
    account_views.bp,
    desk_views.bp,
    response_views.bp,
    response_views.leaving,
    people_views.bp,
    response_desk_views.bp,
    log_views.bp,
    workbench_views.bp,
    kip_work_views.bp,
    review_views.bp,
    releases_views.bp,
    webhooks_views.bp,
    administration_views.bp,
    kip_lists_views.records,
)
"""The blueprints, in the order in which a reader meets them."""


class Portal(Flask):
    """Flask with templates that refuse unknown names and leave no blank lines."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}  # noqa: RUF012 - Flask's own


def create_app(settings: Settings, installation: Installation | None = None, *, debug: bool = False) -> Flask:
    """The portal of one installation. Opens nothing: database, blobs and index are opened by the first request.

    `debug` (or FLASK_DEBUG) adds the page of components.
    """
    app = Portal("portal", static_folder=None)
    app.debug = app.debug or debug
    app.config.from_mapping(flask_config(settings))
    app.url_map.strict_slashes = False  # people type the last slash, and CKAN's links have it
    numbers.init_app(app)
    headers.init_app(app)
    request_ids.init_app(app)
    cors.init_app(app)
    deprecations.init_app(app)
    here = installation or Installation(settings)
    context.init_app(app, here)
    following.init_app(app, here)
    i18n.init_app(app, default=settings.language)
    links.init_app(app)
    assets.init_app(app)
    icons.init_app(app)
    errors.init_app(app)
    limiting.init_app(app)
    counting.init_app(app)
    app.jinja_env.globals.update(
        site_title=settings.site_title, region_name=settings.region_name, current_language=i18n.current_language
    )
    for wing in WINGS:
        app.register_blueprint(wing)
    if app.debug:
        from portal.web import gaya_views  # late: only developers see it

        app.register_blueprint(gaya_views.bp)
    return app
