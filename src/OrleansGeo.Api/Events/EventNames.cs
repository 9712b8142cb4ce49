using OrleansGeo.Operations;

namespace OrleansGeo.Api.Events;

/// <summary>The names of events that programs listen for: stable, whatever the code calls them.</summary>
internal static class EventNames
{
    public static string Of(GeoEventType type) => type switch
    {
        GeoEventType.Topology => "topology",
        GeoEventType.LeaseAcquired => "lease-acquired",
        GeoEventType.LeaseLost => "lease-lost",
        GeoEventType.Promoted => "promoted",
        GeoEventType.HandedOver => "handed-over",
        GeoEventType.Link => "link",
        GeoEventType.Lag => "lag",
        GeoEventType.LostWrites => "lost-writes",
        GeoEventType.StoreWentBack => "store-went-back",
        _ => "other",
    };
}
