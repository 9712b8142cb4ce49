using Orleans.Concurrency;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A geo grain whose reminders note their ticks in its state.</summary>
[Alias("test.ticker")]
[GrainInterfaceType("test.ticker")]
public interface ITicker : IGrainWithStringKey
{
    [Alias("register")]
    Task Register(string name, TimeSpan due, TimeSpan period);

    /// <summary>False: there was none.</summary>
    [Alias("unregister")]
    Task<bool> Unregister(string name);

    /// <summary>From here on ticks write and then throw.</summary>
    [Alias("fail")]
    Task FailTicks(bool fail);

    [ReadOnly]
    [Alias("registerinread")]
    Task RegisterInRead(string name);

    [ReadOnly]
    [Alias("reminders")]
    Task<string[]> Reminders();

    [ReadOnly]
    [Alias("ticks")]
    Task<Tick[]> Ticks(string name);
}
