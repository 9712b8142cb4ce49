using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain whose objects are numbered, and tell when they begin and end.</summary>
[Alias("test.lodger")]
[GrainInterfaceType("test.lodger")]
public interface ILodger : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Writes, and answers so many bytes: too many make the object's memory untrue.</summary>
    [Alias("answer")]
    Task<string> AppendThenAnswer(string text, int bytes);

    /// <summary>Keeps it in memory until the object ends.</summary>
    [Alias("keep")]
    Task Keep(string text);

    /// <summary>As often as asked: the number of the object, and how many lines there were when it began.</summary>
    [ReadOnly]
    [Alias("describe")]
    IAsyncEnumerable<string> Describe(int times);

    [ReadOnly]
    [Alias("number")]
    Task<int> Number();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    /// <summary>Where it is read.</summary>
    [ReadOnly]
    [Alias("deactivate")]
    Task Deactivate();
}
