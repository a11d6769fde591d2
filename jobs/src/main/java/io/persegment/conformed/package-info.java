/**
 * The conformed tables: what every source is brought into, comparable across sources. One row is
 * one record of one source; money is without tax in the shop's currency; timestamps are UTC.
 */
package io.persegment.conformed;
