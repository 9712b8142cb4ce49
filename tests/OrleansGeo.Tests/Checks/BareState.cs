namespace OrleansGeo.Tests.Checks;

public class BareState
{
    public int Inherited { get; set; }
}
