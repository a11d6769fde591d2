package io.persegment.source;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.WebEvents;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds ids in the settings that lead nowhere: no mistake, but seldom what is meant. */
public final class Unlinked {
  private Unlinked() {}

  /** Returns a sentence for each. */
  public static List<String> of(List<SourceSettings> sources) {
    Set<String> withContacts =
        sources.stream()
            .filter(source -> feeds(source, Contacts.TABLE, Contacts.RECORD_ID))
            .map(SourceSettings::system)
            .collect(Collectors.toSet());
    boolean withLogins =
        sources.stream().anyMatch(each -> feeds(each, Contacts.TABLE, Contacts.EXTERNAL_IDS));
    var sentences = new ArrayList<String>();
    for (SourceSettings source : sources) {
      boolean namesContacts =
          feeds(source, Orders.TABLE, Orders.CONTACT_RECORD_ID)
              || feeds(source, EmailEvents.TABLE, EmailEvents.CONTACT_RECORD_ID);
      if (namesContacts && !withContacts.contains(source.system())) {
        sentences.add(
            "%s gives contact_record_id, but no source of system %s feeds contacts: of whom it names nothing is known but what it says itself. Give the source of its contacts system = %s, or take contact_record_id out."
                .formatted(source.name(), source.system(), source.system()));
      }
      if (feeds(source, WebEvents.TABLE, WebEvents.USER_ID) && !withLogins) {
        sentences.add(
            "%s gives web_events.user_id, which is a login, but no contact says which login is theirs: visits are linked by e-mail alone. Give contacts external_ids = \"map('login', COLUMN)\"."
                .formatted(source.name()));
      }
    }
    return sentences;
  }

  private static boolean feeds(SourceSettings source, Table table, Field column) {
    return source.targets().stream()
        .anyMatch(
            target -> target.into().table().equals(table) && target.columns().containsKey(column));
  }
}
