using Orleans.Metadata;

namespace OrleansGeo.Runtime.Checks;

/// <summary>No implicit subscriptions: an event is delivered in the region in which it was produced, which need not be the home.</summary>
internal sealed class SubscriptionCheck : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain) =>
        grain.Type.GetCustomAttributes(inherit: true).OfType<IGrainBindingsProviderAttribute>().Select(static attribute => new Finding(
            AttributeNames.Of(attribute),
            "events are delivered in the region that produced them, past the home and without its order. Take the attribute off, subscribe a plain grain instead, and let it call this one."));
}
