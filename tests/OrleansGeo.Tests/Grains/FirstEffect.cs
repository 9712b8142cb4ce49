namespace OrleansGeo.Tests.Grains;

/// <summary>What makes what a request wrote an entry before it has ended, or makes one beside it.</summary>
public enum FirstEffect
{
    /// <summary>It reads another entity: that may see no more than is durable.</summary>
    Read,

    StrongRead,

    Remind,
}
