/** Golden records: one row a person, out of all records that identity put together. */
package io.persegment.customer;
