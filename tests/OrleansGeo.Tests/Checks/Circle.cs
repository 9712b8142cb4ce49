namespace OrleansGeo.Tests.Checks;

public sealed class Circle : IShape
{
    public double Radius { get; set; }
}
