/**
 * The Garden Company: a made-up web shop whose customers, and the truth about them, are known.
 *
 * <p>Writes the exports of five systems (Shopify, GA4, HubSpot, Klaviyo, a newsletter's opt-in log)
 * and a product catalogue as their vendors ship them, and beside them {@code truth/}, which no
 * stage reads: who is who, which group each person was planted in, and how likely each was to buy.
 *
 * <p>Reads nothing. One person is simulated after the other and streamed to the open files, so that
 * memory does not grow with customers. Every chance is drawn from a stream that belongs to one
 * person and one topic, so the same plan always gives the same bytes.
 *
 * <p>Nobody's real data: names, addresses, phones and e-mails are made up.
 */
package io.persegment.demo;
