package io.ligature.approval.inbox;

/**
 * What every page has around its content.
 *
 * @param user empty on the login page
 * @param token that forms give back, so that other sites cannot post them
 * @param key for forms of this page: sent twice, they do it once
 */
public record Frame(
    String title,
    String user,
    String token,
    String key,
    String pico,
    String style,
    String htmx,
    String script) {}
