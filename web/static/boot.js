// Says, before the first paint, that scripts run: the style shows what only works with them.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');
