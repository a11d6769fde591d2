/**
 * Ways to divide customers: clusters, rules and buckets, with names that last.
 *
 * <p>Reads {@code customer_features} of the as-of date and the last {@code segment_membership};
 * writes {@code segment_models}, {@code segment_membership} and {@code segments}. A row of them is
 * a fitted model; a customer in one segmentation; a segment.
 *
 * <p>Clusters are chosen on a sample that fits into one task, where fits cost nothing, and fitted
 * once on all customers, where they cost their passes over the data. What prepares the features is
 * saved with the clusters.
 */
package io.persegment.segments;
