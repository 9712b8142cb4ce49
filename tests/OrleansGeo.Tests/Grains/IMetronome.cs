using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Begins a timer when it is activated. Each tick tells a plain grain of its region where it ticked.</summary>
[Alias("test.metronome")]
[GrainInterfaceType("test.metronome")]
public interface IMetronome : IGrainWithStringKey
{
    /// <summary>Begins another timer, in a method that a replica serves.</summary>
    [ReadOnly]
    [Alias("start")]
    Task StartInRead(string name, bool isOld);

    /// <summary>Stops at a barrier.</summary>
    [Alias("stop")]
    Task Stop(string barrier);

    [ReadOnly]
    [Alias("wake")]
    Task Wake();
}
