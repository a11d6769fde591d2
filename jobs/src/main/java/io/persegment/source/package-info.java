/**
 * Ingest: the shop's exports, each row accepted into a conformed table or quarantined with every
 * reason.
 */
package io.persegment.source;
