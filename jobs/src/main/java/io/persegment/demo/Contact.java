package io.persegment.demo;

/**
 * How a person signed in one system, as typed there.
 *
 * @param email null where none was given
 * @param phone null where none was given
 * @param slipped whether a slip of the pen leaves only name and address to link it by
 */
record Contact(String email, String phone, String firstName, String lastName, boolean slipped) {}
