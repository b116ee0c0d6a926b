// Listeners that more than one object takes.

/** Says that a property has changed; the listener reads it again. */
export type PropertyChangedEvent = () => void;

/** Says that a property has changed, and how. */
export type PropertyChangedEventWithArgs<TValue, TReason = void> = (args: { newValue?: TValue; oldValue?: TValue; reason?: TReason }) => void;

/** Says what came and what went; the collection is already the new one. */
export type CollectionUpdatedEvent<T> = (args: { added: T[]; removed: T[] }) => void;

/** Holds something until it is disposed of. */
export interface Disposable {
  dispose(): void;
}
