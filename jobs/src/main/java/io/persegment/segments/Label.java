package io.persegment.segments;

/**
 * What a cluster is called.
 *
 * @param id of the segment
 * @param name as made from what sets the segment apart; the settings may choose another
 */
record Label(String id, String name) {}
