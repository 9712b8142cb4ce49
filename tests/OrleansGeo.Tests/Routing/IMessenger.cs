namespace OrleansGeo.Tests.Routing;

/// <summary>A plain grain that passes calls on.</summary>
[Alias("test.messenger")]
[GrainInterfaceType("test.messenger")]
public interface IMessenger : IGrainWithStringKey
{
    /// <summary>Passes it on to so many other messengers; the last one tells which turns wait for it.</summary>
    [Alias("passon")]
    Task<string> PassOn(int times);
}
