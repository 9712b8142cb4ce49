using Orleans.Serialization;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// Carries a lineage through plain grains, which know nothing of it: as a value of Orleans' request context, which goes with every call that they make in turn. Bytes, so
/// that a client without OrleansGeo can pass it on.
/// </summary>
internal static class LineageContext
{
    private const string Key = "orleansgeo.lineage";

    /// <summary>What came with the running plain grain's request; null: no turn waits for it.</summary>
    public static Lineage? Read(Serializer serializer) => RequestContext.Get(Key) is byte[] encoded ? Lineage.Decode(serializer, encoded) : null;

    /// <summary>Makes it part of what is called until the scope ends; null: nothing waits for what is called.</summary>
    public static Scope Enter(Serializer serializer, Lineage? lineage)
    {
        var before = RequestContext.Get(Key);
        Set(lineage?.Encode(serializer));
        return new(before);
    }

    private static void Set(object? value)
    {
        if (value is null)
        {
            RequestContext.Remove(Key);
        }
        else
        {
            RequestContext.Set(Key, value);
        }
    }

    public readonly struct Scope(object? before) : IDisposable
    {
        public void Dispose() => Set(before);
    }
}
