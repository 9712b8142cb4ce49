using Orleans.Concurrency;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A geo grain that does what the gates must cope with.</summary>
[Alias("test.ledger")]
[GrainInterfaceType("test.ledger")]
public interface ILedger : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Writes, then tells a plain grain.</summary>
    [Alias("appendandtell")]
    Task<int> AppendAndTell(string text, string listener);

    /// <summary>Writes, tells a plain grain, writes again.</summary>
    [Alias("appendtellappend")]
    Task<int> AppendTellAppend(string text, string listener);

    /// <summary>Writes, then sends a one-way call to another ledger.</summary>
    [Alias("appendandsend")]
    Task AppendAndSend(string text, string other);

    /// <summary>Writes here and in another ledger.</summary>
    [Alias("appendboth")]
    Task<int> AppendBoth(string text, string other);

    [Alias("pad")]
    Task Pad(int bytes);

    [Alias("answer")]
    Task<string> AppendAndAnswer(int bytes);

    [Alias("starttimer")]
    Task StartTimer(string text);

    [ReadOnly]
    [Alias("starttimerread")]
    Task StartTimerOnReplica(string text);

    [ReadOnly]
    [Alias("timererror")]
    Task<string?> TimerError();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    [OneWay]
    [Alias("oneway")]
    Task AppendOneWay(string text);

    /// <summary>Waits inside the method until told to go on.</summary>
    [Alias("block")]
    Task<string> Block(CancellationToken cancellationToken);
}
