using System.Globalization;

namespace OrleansGeo.World.Drills.Load;

/// <summary>A closed loop that writes to one entity through one region: its next number only once the last one has an answer.</summary>
/// <remarks>Used by one loop at a time.</remarks>
/// <param name="run">The run's name.</param>
/// <param name="target">The entity.</param>
/// <param name="through">The index of the region.</param>
/// <param name="name">The writer's name.</param>
internal sealed class DrillWriter(string run, DrillTarget target, int through, string name)
{
    private long _last;

    public DrillTarget Target { get; } = target;

    public int Through { get; } = through;

    public string Name { get; } = name;

    public long Next() => ++_last;

    /// <summary>The idempotency key of a write, from which the ledger's request id follows.</summary>
    public string KeyOf(long sequence) => string.Create(CultureInfo.InvariantCulture, $"drill/{run}/{Target.Id}/{Name}/{sequence}");
}
