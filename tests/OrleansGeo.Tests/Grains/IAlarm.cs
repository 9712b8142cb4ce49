using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Sets timers that tick once. Each tick tells a plain grain of its region where it ticked.</summary>
[Alias("test.alarm")]
[GrainInterfaceType("test.alarm")]
public interface IAlarm : IGrainWithStringKey
{
    /// <summary>Sets one that is due at once, in a method that a replica serves, and stops at a barrier before it ends.</summary>
    [ReadOnly]
    [Alias("setinread")]
    Task SetInRead(string name, bool isOld, string barrier);

    [ReadOnly]
    [Alias("wake")]
    Task Wake();
}
