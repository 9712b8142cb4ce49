namespace OrleansGeo.Tests.Checks;

public sealed class Drawing
{
    public string Name { get; set; } = "";

    public IShape? Shape { get; set; }
}
