/**
 * The features of one call, client or stream: each factory's object is made once, so that `feature(factory)` answers the same object every time.
 */
export interface FeatureCache<Factory> {
  get<Feature extends { dispose(): void }>(factory: Factory & object, make: () => Feature): Feature;
  dispose(): void;
}

export function featureCache<Factory>(): FeatureCache<Factory> {
  const made = new Map<object, { dispose(): void }>();
  return {
    get<Feature extends { dispose(): void }>(factory: Factory & object, make: () => Feature): Feature {
      let feature = made.get(factory) as Feature | undefined;
      if (!feature) {
        feature = make();
        made.set(factory, feature);
      }
      return feature;
    },
    dispose() {
      for (const feature of made.values()) feature.dispose();
    },
  };
}
