package io.ligature.approval.inbox;

/**
 * What every page has around its content.
 *
 * @param user empty on the login page
 * @param token that forms give back, so that other sites cannot post them
 */
public record Frame(
    String title,
    String user,
    String token,
    String pico,
    String style,
    String htmx,
    String script) {}
