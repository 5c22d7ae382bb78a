// A CommonJS package of DTOs, as several services of a company share it.
export declare class ResizeDto {
  width: number;
}

declare module 'nestjs-work' {
  interface JobArguments {
    resize: ResizeDto;
  }
}
