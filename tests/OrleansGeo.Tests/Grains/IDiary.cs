using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that writes lines, and calls others of its kind.</summary>
[Alias("test.diary")]
[GrainInterfaceType("test.diary")]
public interface IDiary : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Takes the lines, asks a plain grain something, and writes the lines back with one more.</summary>
    [Alias("rewrite")]
    Task<int> Rewrite(string text);

    [OneWay]
    [Alias("oneway")]
    Task AppendOneWay(string text);

    /// <summary>Stops at a barrier, then appends.</summary>
    [Alias("stop")]
    Task<int> StopThenAppend(string barrier, string text, CancellationToken cancellationToken);

    /// <summary>Two calls to another diary, one after the other.</summary>
    [Alias("two")]
    Task<int> AppendTwoTo(string other, string first, string second);

    /// <summary>Two equal calls to another diary at once.</summary>
    [Alias("equal")]
    Task<int> AppendTwiceTo(string other, string text);

    /// <summary>Begins a session of its own for a call.</summary>
    [Alias("keyed")]
    Task<int> AppendUnderKeyTo(string other, string key, string text);

    /// <summary>The same in a method that a replica serves.</summary>
    [ReadOnly]
    [Alias("keyedread")]
    Task<int> AppendUnderKeyFromReadTo(string other, string key, string text);

    /// <summary>Gives a call less time than it has itself.</summary>
    [Alias("bounded")]
    Task<int> AppendSoonTo(string other, string text, TimeSpan deadline);

    /// <summary>Notes in the call log how its call ended.</summary>
    [Alias("noting")]
    Task<int> AppendToAndNote(string other, string text);

    /// <summary>Two steps, each a line here and a line in another diary, with a barrier between. A repeat goes on after the last step that is stored.</summary>
    [Alias("saga")]
    Task<string> Saga(string other, string barrier);

    /// <summary>Sends a one-way call and does not wait until it was sent, stops at a barrier, then writes here.</summary>
    [Alias("sendforget")]
    Task<int> SendLateThenAppend(string other, string text, string barrier);

    /// <summary>Sends a one-way call, stops at a barrier, then writes here.</summary>
    [Alias("send")]
    Task<int> SendThenAppend(string other, string text, string barrier);

    /// <summary>Stops at a barrier, then calls another diary, then writes here.</summary>
    [Alias("stoptell")]
    Task<int> StopThenTell(string barrier, string other, string text);

    /// <summary>Has another diary pass a barrier and tell a third one.</summary>
    [Alias("through")]
    Task<int> TellThrough(string through, string barrier, string other, string text);

    /// <summary>Passes a barrier, writes, and waits until that is durable.</summary>
    [Alias("durably")]
    Task<int> AppendDurably(string barrier, string text);

    /// <summary>Calls another diary, stops at a barrier, then writes here.</summary>
    [Alias("tellstop")]
    Task<int> TellThenStop(string barrier, string other, string text);

    /// <summary>Passes a barrier, writes, and at once tells another diary and reads it.</summary>
    [Alias("tellask")]
    Task<int> AppendThenTellAndAsk(string barrier, string other, string text);

    /// <summary>Passes a barrier, tells another diary whatever comes of it, writes, and reads the other.</summary>
    [Alias("telltry")]
    Task<int> TellQuietlyThenAppendAndAsk(string barrier, string other, string text);

    /// <summary>Begins what tells another diary at a second barrier, does not wait for it, passes the first, and tells the other, too.</summary>
    [Alias("telllater")]
    Task<int> TellLaterAndNow(string barrier, string laterBarrier, string other, string text);

    /// <summary>Calls another diary, stops at a barrier, has a jotter note the text, then writes here.</summary>
    [Alias("tellnote")]
    Task<int> TellThenStopThenNote(string barrier, string other, string jotterType, string jotter, string text);

    /// <summary>Passes a barrier, tells another diary, and writes here. Nobody waits for it.</summary>
    [OneWay]
    [Alias("tellone")]
    Task TellOneWay(string barrier, string other, string text);

    /// <summary>Tells another diary, once more if that throws, stops at a barrier, and writes here.</summary>
    [Alias("insist")]
    Task<int> InsistThenStop(string barrier, string other, string text);

    /// <summary>Fails if it has written before; otherwise writes, calls another diary, and stops at a barrier.</summary>
    [Alias("failonce")]
    Task<int> AppendOnceThenTellThenStop(string barrier, string other, string text);

    /// <summary>Calls another diary, and lets an error of another call pass.</summary>
    [Alias("tellfail")]
    Task<int> TellThenFail(string other, string text, GeoErrorCode code);

    /// <summary>Lets pass what another diary throws that did nothing.</summary>
    [Alias("fails")]
    Task<int> FailThrough(string other, GeoErrorCode code);

    [Alias("failsitself")]
    Task<int> Fail(GeoErrorCode code);

    /// <summary>Writes, and throws several exceptions in one, an error of a call among them.</summary>
    [Alias("failstogether")]
    Task<int> AppendThenFailTogether(string text, GeoErrorCode code);

    /// <summary>Writes, and lets an error of a call pass.</summary>
    [Alias("throwsgeo")]
    Task<int> AppendThenFail(string text, GeoErrorCode code);

    /// <summary>Writes, and throws what it was told to throw.</summary>
    [Alias("throws")]
    Task<int> AppendThenThrowTimeout(string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    [ReadOnly]
    [Alias("strong")]
    Task<string[]> ReadStrongly(string other);
}
