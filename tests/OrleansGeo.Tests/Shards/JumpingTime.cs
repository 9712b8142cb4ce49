namespace OrleansGeo.Tests.Shards;

/// <summary>A clock of the day and a monotonic one, each of which a test moves.</summary>
internal sealed class JumpingTime : TimeProvider
{
    public TimeSpan WallClock { get; set; }

    public TimeSpan Monotonic { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClock;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Monotonic.TotalSeconds * TimestampFrequency);
}
