namespace OrleansGeo.Tests.Worlds;

/// <summary>A grain that is not geo, with reminders.</summary>
[Alias("test.plainticker")]
[GrainInterfaceType("test.plainticker")]
public interface IPlainTicker : IGrainWithStringKey
{
    [Alias("register")]
    Task Register(string name, TimeSpan due, TimeSpan period);

    [Alias("ticks")]
    Task<int> Ticks();
}
