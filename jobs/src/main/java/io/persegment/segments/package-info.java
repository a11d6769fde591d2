/** Ways to divide customers: clusters, rules and buckets, with names that last. */
package io.persegment.segments;
