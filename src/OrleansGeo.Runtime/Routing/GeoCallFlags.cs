namespace OrleansGeo.Runtime.Routing;

[Flags]
internal enum GeoCallFlags : byte
{
    None = 0,

    /// <summary>The method is marked <c>[ReadOnly]</c>.</summary>
    Read = 1,

    /// <summary>Only the home may answer.</summary>
    HomeOnly = 2,

    /// <summary>An earlier attempt of this request may have arrived: record the answer even if nothing changed.</summary>
    Retry = 4,

    /// <summary>The caller's link to the home is cut and the home lives: whoever gets this and is not the home passes it on, once.</summary>
    Relay = 8,

    /// <summary>Nobody waits for an answer: where it is not served, it is made again from there.</summary>
    OneWay = 16,
}
