using Orleans.Concurrency;

namespace OrleansGeo.Tests.Routing;

/// <summary>A geo grain that calls others.</summary>
[Alias("test.errand")]
[GrainInterfaceType("test.errand")]
public interface IErrand : IGrainWithStringKey
{
    /// <summary>Appends each text to a ledger, one after the other.</summary>
    [Alias("append")]
    Task Append(string ledger, params string[] texts);

    /// <summary>Appends under a request key of its own.</summary>
    [Alias("appendnamed")]
    Task<int> AppendNamed(string ledger, string text, string key);

    [Alias("newguid")]
    Task<Guid> NewGuid();

    /// <summary>Calls a method that never answers, and tells how that failed.</summary>
    [Alias("askinvain")]
    Task<string> AskInVain(string ledger);

    /// <summary>Never answers.</summary>
    [ResponseTimeout("00:00:00.700")]
    [Alias("never")]
    Task<int> Never();

    /// <summary>Which turns wait for a call that a plain grain makes in turn.</summary>
    [Alias("lineage")]
    Task<string> LineageBehind(string messenger);

    [OneWay]
    [Alias("send")]
    void Send(string ledger, string text);

    [ReadOnly]
    [Alias("watch")]
    Task<int> Watch(Worlds.ICartObserver observer);
}
