namespace OrleansGeo.Tests.Checks;

public interface IShape;
