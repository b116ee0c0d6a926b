package dev.parley.feature.chat;

/** Where the parts of the contract find a house. */
interface ChatWorld {
  /** As ACS, but for images that a test makes quickly. */
  ChatConfig SMALL_IMAGES = new ChatConfig(250, 20, 64 << 10);

  /** The same, with receipts and typing in threads of any size. */
  ChatConfig LARGE_RECEIPTS = new ChatConfig(250, 250, 64 << 10);

  /** The house that all tests of a class share. */
  ChatHouse house();

  /** A user in a tenant that no other test has. */
  default Person someone() {
    return house().person(house().resource());
  }

  /** Another user of the same tenant. */
  default Person beside(Person person) {
    return house().person(person.resource());
  }
}
