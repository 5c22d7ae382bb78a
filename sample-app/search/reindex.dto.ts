import { IsIn } from 'class-validator';

export const SEARCH_INDEXES = ['users', 'contacts'] as const;

export class Reindex {
  @IsIn(SEARCH_INDEXES)
  index!: (typeof SEARCH_INDEXES)[number];
}

declare module 'nestjs-work' {
  interface JobArguments {
    reindex: Reindex;
  }
}
