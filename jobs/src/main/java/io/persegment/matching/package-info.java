/**
 * How likely two records are one person, by how far their values agree: Fellegi and Sunter, A
 * Theory for Record Linkage, JASA 1969, learnt without labels by expectation maximisation.
 *
 * <p>Records are compared that agree on at least one blocking rule; a pair is reduced to its
 * pattern, the level of agreement of each comparison; the model is fitted on counts of patterns, of
 * which there are few however many pairs there are. Beside pairs of one person and pairs of
 * strangers there are two persons of one household, who share a last name, an address and often a
 * phone, and neighbours, who share a place: a model of two kinds would take them for one person.
 */
package io.persegment.matching;
