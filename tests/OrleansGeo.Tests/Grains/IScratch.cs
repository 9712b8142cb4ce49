using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain whose methods change what they do not write, write too much, or answer what cannot be sent.</summary>
[Alias("test.scratch")]
[GrainInterfaceType("test.scratch")]
public interface IScratch : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    [Alias("pad")]
    Task Pad(int bytes);

    /// <summary>Writes too much and answers the error's code instead of failing.</summary>
    [Alias("padcaught")]
    Task<string> PadAndCatch(int bytes);

    /// <summary>Writes the same state twice.</summary>
    [Alias("padappend")]
    Task<int> PadThenAppend(int bytes, string text);

    /// <summary>Writes, tells a plain grain, writes the same state again.</summary>
    [Alias("padtellappend")]
    Task<int> PadTellAppend(int bytes, string text, string listener);

    /// <summary>Writes two states.</summary>
    [Alias("padboth")]
    Task PadBoth(int bytes);

    [Alias("changethrow")]
    Task ChangeThenThrow(string text);

    [ReadOnly]
    [Alias("writeinread")]
    Task WriteInRead(string text);

    /// <summary>Writes, tells a plain grain, answers so many bytes.</summary>
    [Alias("answer")]
    Task<string> AppendTellAnswer(string text, string listener, int bytes);

    /// <summary>Writes, tells a plain grain, answers what no codec can encode.</summary>
    [Alias("unencodable")]
    Task<object> AppendTellAnswerUnencodable(string text, string listener);

    /// <summary>Writes, has another one write, and answers so many bytes.</summary>
    [Alias("callanswer")]
    Task<string> AppendCallAnswer(string text, string other, int bytes);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    [ReadOnly]
    [Alias("padding")]
    Task<int> Padding();
}
