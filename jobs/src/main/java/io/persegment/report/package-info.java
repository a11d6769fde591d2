/**
 * What a run made, for people: read from the lake by small aggregates, told in a terminal and in a
 * page of HTML. No row of a customer is read to the driver, and nothing in either names a person.
 */
package io.persegment.report;
