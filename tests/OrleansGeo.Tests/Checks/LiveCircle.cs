namespace OrleansGeo.Tests.Checks;

/// <summary>Has something that no store can hold.</summary>
public sealed class LiveCircle : IShape
{
    public Action? Redraw { get; set; }
}
