/** Checks on every table, with verdicts that can hold the publish. */
package io.persegment.audit;
