package io.persegment.error;

/**
 * Where something is written in the settings.
 *
 * @param line counted from 1; 0 where it is not known
 * @param path the setting, such as {@code sources.newsletter.contacts.email}
 */
public record Place(String file, int line, String path) {

  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
