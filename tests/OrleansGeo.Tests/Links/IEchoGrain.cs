namespace OrleansGeo.Tests.Links;

[Alias("tests.link.echo"), GrainInterfaceType("tests.link.echo")]
public interface IEchoGrain : IGrainWithStringKey
{
    /// <summary>Answers with the region that it runs in.</summary>
    [Alias("where")]
    Task<string> Where(string text);

    /// <summary>Tells <see cref="EchoGrain.Arrived"/> that it was called, and never answers.</summary>
    [Alias("hang")]
    Task Hang();

    /// <summary>Answers with the time stamp at which it ran.</summary>
    [Alias("when")]
    ValueTask<long> When();

    [Alias("nothing")]
    ValueTask Nothing();
}
