package io.persegment.demo;

/** A product in an event, and how many of it. */
record GaItem(Product product, int quantity) {}
