using System.Globalization;

namespace OrleansGeo.Tests.World.Drills;

/// <summary>A shard of a <see cref="DrillWorld"/>.</summary>
internal sealed class DrillShard(string name, int preferred)
{
    private long _servesSince;
    private TimeSpan _pause;

    public string Name { get; } = name;

    public int Preferred { get; } = preferred;

    public int Home { get; private set; } = preferred;

    public long Epoch { get; private set; } = 1;

    public bool Serves => TimeProvider.System.GetElapsedTime(_servesSince) >= _pause;

    public void MoveTo(int region, TimeSpan pause)
    {
        (Home, _servesSince, _pause) = (region, TimeProvider.System.GetTimestamp(), pause);
        Epoch++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} in {Home}, epoch {Epoch}");
}
